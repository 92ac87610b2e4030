"""What people subscribe to: Atom feeds of what is new and calendars of the meetings."""
