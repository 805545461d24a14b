"""Programs of others that act here by OAuth 2.0: systems of organs, and apps to which people lend some of their own permissions."""
