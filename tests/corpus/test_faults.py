"""Every fault of `../shared/faults` is mended."""

import pytest

from tests.corpus.faults import faults
from tests.support.paths import FAULTS

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FAULTS.is_dir(), reason=f"the folder {FAULTS} is not here"),
]


def test_no_fault_after_a_public_bug_report_is_left() -> None:
    assert [mistake for _, mistakes in faults() for mistake in mistakes] == []
