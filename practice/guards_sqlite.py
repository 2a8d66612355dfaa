"""The guards as SQLite has them: triggers, one for each kind of statement."""

from practice.guard_parts import Guard, changed, named, words_of


def _there(table: str, columns: tuple[str, ...]) -> str:
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
    return f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'


class Sqlite:
    def _trigger(self, table: str, name: str, when: str, condition: str, why: str) -> Guard:
        return Guard(
            table,
            name,
            f'CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {when} ON "{table}" FOR EACH ROW '
            f"{condition} BEGIN SELECT RAISE(ABORT, '{why}'); END",
            f'DROP TRIGGER IF EXISTS "{name}"',
        )

    def same_practice(self, table: str, column: str, target: str) -> list[Guard]:
        condition = (
            f'WHEN NEW."{column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{target}" '
            f'WHERE id = NEW."{column}" AND practice_id = NEW.practice_id)'
        )
        why = f"{table}.{column} points into another practice"
        return [
            self._trigger(table, named(table, column, "same_practice_i"), "INSERT", condition, why),
            self._trigger(
                table,
                named(table, column, "same_practice_u"),
                f'UPDATE OF "{column}"',
                condition,
                why,
            ),
        ]

    def stays_put(self, table: str) -> list[Guard]:
        condition = "WHEN NEW.practice_id <> OLD.practice_id"
        why = f"a row of {table} cannot change practice"
        return [
            self._trigger(table, named(table, "stays_put"), "UPDATE OF practice_id", condition, why)
        ]

    def append_only(self, table: str, unique: list[tuple[str, ...]]) -> list[Guard]:
        why = f"{table} is append-only"
        gone = self._trigger(table, named(table, "no_delete"), "DELETE", "", why)
        return [gone, *self.written_once(table, unique, "append-only")]

    def written_once(
        self, table: str, unique: list[tuple[str, ...]], what: str = "written once"
    ) -> list[Guard]:
        why = f"{table} is {what}"
        # These catch INSERT OR REPLACE, whose hidden DELETE fires triggers only under a pragma.
        replacing: dict[str, tuple[tuple[str, ...], str]] = {"no_replace": (("id",), why)}
        for columns in unique:
            # The word as the engine has it: to whoever inserts honestly it is the same refusal.
            told = f"{why}, and unique in {columns[-1]}"
            replacing["_".join(("no_replace", *columns))] = (columns, told)
        return [
            self._trigger(table, named(table, "no_update"), "UPDATE", "", why),
            *(
                self._trigger(table, named(table, name), "INSERT", _there(table, columns), told)
                for name, (columns, told) in replacing.items()
            ),
        ]

    def no_overlap(self, table: str, whose: str) -> list[Guard]:
        # Half-open stretches; one without an end goes on for ever, an empty one overlaps nothing.
        condition = (
            f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE "{whose}" = NEW."{whose}" AND id <> NEW.id '
            "AND since_on < coalesce(NEW.until_on, '9999') AND NEW.since_on < coalesce(until_on, '9999') "
            "AND since_on < coalesce(until_on, '9999') "
            "AND NEW.since_on < coalesce(NEW.until_on, '9999'))"
        )
        why = f"stretches of {table} overlap"
        return [
            self._trigger(table, named(table, "no_overlap", event), when, condition, why)
            for event, when in (("i", "INSERT"), ("u", "UPDATE"))
        ]

    def frozen(self, table: str, key: str, whole: str, column: str, word: str) -> list[Guard]:
        """Parts change only while the whole they belong to stands at one word, and it never returns there."""
        open_ = f'(SELECT "{column}" FROM "{whole}" WHERE id = {{}}."{key}") IS NOT \'{word}\''
        new, old = open_.format("NEW"), open_.format("OLD")
        moments = {"INSERT": new, "UPDATE": f"{new} OR {old}", "DELETE": old}
        why = f"{table} is part of what is no longer {word}"
        back = f"WHEN OLD.\"{column}\" <> '{word}' AND NEW.\"{column}\" = '{word}'"
        return [
            *(
                self._trigger(table, named(table, "frozen", when.lower()), when, f"WHEN {is_}", why)
                for when, is_ in moments.items()
            ),
            self._trigger(
                whole,
                named(whole, "never_back", table),
                f'UPDATE OF "{column}"',
                back,
                f"{whole} is no longer {word} and cannot become so again",
            ),
        ]

    def settled(
        self, table: str, column: str, words: tuple[str, ...], kept: dict[str, str]
    ) -> list[Guard]:
        """Once at one of these words a row stays: its columns, and that it is at one of them."""
        differ = " OR ".join(changed(name, erased, "IS NOT") for name, erased in kept.items())
        was, is_ = (
            f'OLD."{column}" IN {words_of(words)}',
            f'NEW."{column}" NOT IN {words_of(words)}',
        )
        why = f"{table} is settled"
        return [
            self._trigger(
                table,
                named(table, "settled"),
                "UPDATE",
                f"WHEN {was} AND ({differ} OR {is_})",
                why,
            ),
            self._trigger(table, named(table, "settled_stays"), "DELETE", f"WHEN {was}", why),
            # INSERT OR REPLACE, as above.
            self._trigger(
                table,
                named(table, "settled_no_replace"),
                "INSERT",
                f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id)',
                why,
            ),
        ]

    def part_settled(
        self, table: str, key: str, whole: str, column: str, words: tuple[str, ...]
    ) -> list[Guard]:
        """Parts stay with the whole they belong to."""
        state = f'(SELECT "{column}" FROM "{whole}" WHERE id = {{}}."{key}") IN {words_of(words)}'
        new, old = state.format("NEW"), state.format("OLD")
        again = f'EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id)'
        moments = {"INSERT": f"{new} OR {again}", "UPDATE": f"{new} OR {old}", "DELETE": old}
        return [
            self._trigger(
                table,
                named(table, "settled", when.lower()),
                when,
                f"WHEN {is_}",
                f"{table} is part of what is settled",
            )
            for when, is_ in moments.items()
        ]
