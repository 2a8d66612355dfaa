"""The guards as PostgreSQL has them: triggers, keys over two columns, and exclusion."""

from practice.guard_parts import Guard, changed, named, words_of

_REFUSE = """CREATE OR REPLACE FUNCTION remit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$;"""

# A trigger's WHEN looks at no other table, so this looks itself.
_FROZEN = """CREATE OR REPLACE FUNCTION remit_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part jsonb; state text;
BEGIN
  FOR part IN SELECT * FROM unnest(CASE TG_OP WHEN 'INSERT' THEN ARRAY[to_jsonb(NEW)]
      WHEN 'DELETE' THEN ARRAY[to_jsonb(OLD)] ELSE ARRAY[to_jsonb(OLD), to_jsonb(NEW)] END) LOOP
    EXECUTE format('SELECT %I FROM %I WHERE id = $1', TG_ARGV[2], TG_ARGV[1])
      INTO state USING (part ->> TG_ARGV[0])::uuid;
    IF state IS DISTINCT FROM TG_ARGV[3] THEN
      RAISE EXCEPTION '%: part of what is no longer %', TG_TABLE_NAME, TG_ARGV[3]
        USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;"""


_PART_SETTLED = """CREATE OR REPLACE FUNCTION remit_part_settled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part jsonb; state text;
BEGIN
  FOR part IN SELECT * FROM unnest(CASE TG_OP WHEN 'INSERT' THEN ARRAY[to_jsonb(NEW)]
      WHEN 'DELETE' THEN ARRAY[to_jsonb(OLD)] ELSE ARRAY[to_jsonb(OLD), to_jsonb(NEW)] END) LOOP
    EXECUTE format('SELECT %I FROM %I WHERE id = $1', TG_ARGV[2], TG_ARGV[1])
      INTO state USING (part ->> TG_ARGV[0])::uuid;
    IF state = ANY (string_to_array(TG_ARGV[3], ',')) THEN
      RAISE EXCEPTION '%: part of what is settled', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;"""


class Postgres:
    def _trigger(
        self, table: str, name: str, when: str, why: str, each: str = "ROW", condition: str = ""
    ) -> Guard:
        return Guard(
            table,
            name,
            f'{_REFUSE} CREATE OR REPLACE TRIGGER "{name}" BEFORE {when} ON "{table}" '
            f"FOR EACH {each} {condition} EXECUTE FUNCTION remit_refuse('{why}')",
            f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
        )

    def same_practice(self, table: str, column: str, target: str) -> list[Guard]:
        index, name = named(target, "practice_id_id"), named(table, column, "same_practice")
        key = (
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (practice_id, "{column}") '
            f'REFERENCES "{target}" (practice_id, id) DEFERRABLE INITIALLY DEFERRED'
        )
        create = (
            f'CREATE UNIQUE INDEX IF NOT EXISTS "{index}" ON "{target}" (practice_id, id); '
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}' "
            f"AND conrelid = '\"{table}\"'::regclass) THEN {key}; END IF; END $$"
        )
        return [
            Guard(table, name, create, f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')
        ]

    def stays_put(self, table: str) -> list[Guard]:
        condition = "WHEN (NEW.practice_id IS DISTINCT FROM OLD.practice_id)"
        why = "a row cannot change practice"
        return [
            self._trigger(
                table, named(table, "stays_put"), "UPDATE OF practice_id", why, condition=condition
            )
        ]

    def append_only(self, table: str, unique: list[tuple[str, ...]]) -> list[Guard]:
        return [
            self._trigger(table, named(table, "append_only"), "UPDATE OR DELETE", "append-only"),
            self._no_truncate(table, "append-only"),
        ]

    def written_once(self, table: str, unique: list[tuple[str, ...]]) -> list[Guard]:
        return [
            self._trigger(table, named(table, "written_once"), "UPDATE", "written once"),
            self._no_truncate(table, "written once"),
        ]

    def _no_truncate(self, table: str, why: str) -> Guard:
        return self._trigger(table, named(table, "no_truncate"), "TRUNCATE", why, each="STATEMENT")

    def no_overlap(self, table: str, whose: str) -> list[Guard]:
        name = named(table, "no_overlap")
        rule = (
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" EXCLUDE USING gist '
            f'("{whose}" WITH =, daterange(since_on, until_on) WITH &&)'
        )
        # btree_gist lets an id stand beside a range; it is a trusted extension: the schema's owner may add it.
        create = f"CREATE EXTENSION IF NOT EXISTS btree_gist; {rule}"
        drop = f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"'
        return [Guard(table, name, create, drop)]

    def frozen(self, table: str, key: str, whole: str, column: str, word: str) -> list[Guard]:
        name = named(table, "frozen")
        back = f"WHEN (OLD.\"{column}\" <> '{word}' AND NEW.\"{column}\" = '{word}')"
        return [
            Guard(
                table,
                name,
                f'{_FROZEN} CREATE OR REPLACE TRIGGER "{name}" BEFORE INSERT OR UPDATE OR DELETE '
                f'ON "{table}" FOR EACH ROW '
                f"EXECUTE FUNCTION remit_frozen('{key}', '{whole}', '{column}', '{word}')",
                f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            ),
            self._trigger(
                table,
                named(table, "frozen_truncate"),
                "TRUNCATE",
                f"part of what is no longer {word}",
                each="STATEMENT",
            ),
            self._trigger(
                whole,
                named(whole, "never_back", table),
                f'UPDATE OF "{column}"',
                f"no longer {word}, and cannot become so again",
                condition=back,
            ),
        ]

    def settled(
        self, table: str, column: str, words: tuple[str, ...], kept: dict[str, str]
    ) -> list[Guard]:
        differs = "IS DISTINCT FROM"
        differ = " OR ".join(changed(name, erased, differs) for name, erased in kept.items())
        was, is_ = (
            f'OLD."{column}" IN {words_of(words)}',
            f'NEW."{column}" NOT IN {words_of(words)}',
        )
        return [
            self._trigger(
                table,
                named(table, "settled"),
                "UPDATE",
                "settled",
                condition=f"WHEN ({was} AND ({differ} OR {is_}))",
            ),
            self._trigger(
                table, named(table, "settled_stays"), "DELETE", "settled", condition=f"WHEN ({was})"
            ),
            self._trigger(
                table, named(table, "settled_truncate"), "TRUNCATE", "settled", each="STATEMENT"
            ),
        ]

    def part_settled(
        self, table: str, key: str, whole: str, column: str, words: tuple[str, ...]
    ) -> list[Guard]:
        name = named(table, "settled")
        return [
            Guard(
                table,
                name,
                f'{_PART_SETTLED} CREATE OR REPLACE TRIGGER "{name}" BEFORE INSERT OR UPDATE OR '
                f'DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION '
                f"remit_part_settled('{key}', '{whole}', '{column}', '{','.join(words)}')",
                f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            ),
            self._trigger(
                table,
                named(table, "settled_truncate"),
                "TRUNCATE",
                "part of what is settled",
                each="STATEMENT",
            ),
        ]
