namespace Carillon.AspNetCore.Tests;

[Event("shelf.filled")]
[InvalidatesCache("shelf:{Shelf}")]
public sealed record ShelfFilled(string Shelf);
