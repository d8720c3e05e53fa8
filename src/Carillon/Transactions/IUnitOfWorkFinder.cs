namespace Carillon.Transactions;

/// <summary>
/// Says which unit of work a dispatch belongs to: for packages that follow transactions, and may not know of one before something is dispatched. Add it to the services, scoped.
/// </summary>
/// <remarks>
/// It is asked whenever a dispatch has durable listeners or listeners of a phase, unless the scope has a unit of work that was begun or joined, which goes before, or the
/// dispatch says <see cref="DeliveryOptions.OutsideTransaction"/>. One a scope; if several packages add one, the last one is asked.
/// </remarks>
public interface IUnitOfWorkFinder
{
    /// <summary>The unit of work of this scope that the dispatch belongs to; null if it belongs to none, or to the ambient transaction.</summary>
    /// <exception cref="CarillonException">Nobody can tell: it could belong to several.</exception>
    FollowedUnitOfWork? Find();
}
