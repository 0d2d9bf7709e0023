"""``python -m leverage.app``: the command line where no script was installed."""

from leverage.app.cli import main

main()
