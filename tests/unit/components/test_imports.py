import gc

import pytest

from components.imports import without_collections


@pytest.mark.parametrize("enabled", [True, False])
def test_collector_is_as_it_was_even_after_a_failed_import(enabled):
    (gc.enable if enabled else gc.disable)()
    try:
        with pytest.raises(ModuleNotFoundError), without_collections():
            import nowhere  # noqa: F401
        assert gc.isenabled() == enabled
    finally:
        gc.enable()


def test_nothing_is_collected_meanwhile():
    with without_collections():
        assert not gc.isenabled()
