import pytest

from tests import proofs
from tests.ops.needs import needed


@pytest.mark.once
@pytest.mark.proof
@pytest.mark.long
@pytest.mark.parametrize("name", proofs.names())
def test_each_proof_holds_at_a_tenth_of_its_size(name: str) -> None:
    proof = proofs.load(name)
    assert proof.__doc__, f"tests/proofs/{name}.py says nowhere what it proves"
    with needed():
        assert proof.prove(0.1)
