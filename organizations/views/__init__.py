"""Pages of accounts, posts and the working calendar."""
