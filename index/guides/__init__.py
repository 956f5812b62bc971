"""What a corpus brings beyond debates: guides to walk through, interviews that weigh."""
