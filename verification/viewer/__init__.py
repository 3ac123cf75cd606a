"""Documents shown in the page, at both doors: where they are found, what is shown, and what is withheld."""
