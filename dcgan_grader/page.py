"""One self-contained HTML page that can neither run a script nor load anything from outside."""

from html import escape

# Even markup that slipped through could not run or send anything.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)

STYLE = """
body { max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1b1b1b; background: #fff;
  font: 1rem/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
caption { text-align: left; padding: 0.25rem 0; }
th, td { border: 1px solid #767676; padding: 0.25rem 0.5rem; text-align: left;
  vertical-align: top; }
th { background: #eef1f5; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.wide { overflow-x: auto; }
li { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
a { color: #0b4a8f; }
"""


def page(title, body, style=""):
    """Write an HTML page.

    Args:
        title: text; it is escaped.
        body: HTML, in which everything that comes from outside is escaped.
        style: CSS to add.

    Returns:
        The page, a str.
    """
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def items(sentences):
    """Write sentences as an HTML list; each is escaped."""
    return "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in sentences) + "</ul>"
