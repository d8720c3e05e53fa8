namespace Carillon.Tests.Caching;

public sealed record ParcelMoved(int Number, string Depot);

public sealed record ParcelLost(int Number);
