"""The pages citizens read: each is a function from a connection and an address to a Page, its SQL a file in sql/."""
