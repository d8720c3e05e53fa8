namespace Carillon.Stores.Tests.EventSourcing.Applications;

[Event("basket.filled")]
public sealed record BasketFilled(int Basket, int Items);

[Event("basket.emptied")]
public sealed record BasketEmptied(int Basket);

[Event("basket.renamed")]
public sealed record BasketRenamed(int Basket, string Name);
