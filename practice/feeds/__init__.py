"""Calendar feeds: the agenda as iCalendar under an address of its own, for one person, as far as that person may see."""
