"""Lists of temporary aid (临时救助) as spreadsheets: no number of a person whole, no cell that a spreadsheet runs."""
