from pathlib import Path

from verification.workflow.diagram import as_markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "workflow.md"


def test_the_docs_show_the_workflow_table_as_it_is() -> None:
    """When it fails: write what `as_markdown` says into docs/workflow.md."""
    assert PAGE.read_text() == as_markdown()
