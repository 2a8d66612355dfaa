"""Every state × verb × role: allowed, or refused with its code, as tests/deliverables/flow_table.py says."""

import pytest
from django.db import transaction

from tests.deliverables import flow_table as table
from tests.deliverables.flow_states import Flow


def tried(flow, verb, role):
    """What is answered; whatever was done is undone."""
    with transaction.atomic():
        answer = flow.tried(verb, role)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("state", table.STATES)
def test_every_verb_answers_every_role_as_the_table_says(cast, state, settings):
    settings.API_RATE_PER_MINUTE = 10**9
    flow = Flow(cast, state)
    verbs = [verb for verb, outcome in table.OUTCOME.items() if state in outcome]
    cells = [(verb, role) for verb in verbs for role in table.ROLES]
    found = {cell: tried(flow, *cell) for cell in cells}
    assert found == {cell: table.expected(cell[0], state, cell[1]) for cell in cells}


def test_the_table_has_every_verb_and_the_cells_that_make_sense():
    assert set(table.OUTCOME) == set(table.MAY)
    assert len(table.CELLS) == 2295
