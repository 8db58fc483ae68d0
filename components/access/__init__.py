"""Who may do what: roles, their boundary, and the rights of other accounts."""
