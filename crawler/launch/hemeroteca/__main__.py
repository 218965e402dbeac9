"""`python -m hemeroteca`."""

from hemeroteca import main

main()
