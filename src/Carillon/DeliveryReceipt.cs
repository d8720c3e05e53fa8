namespace Carillon;

/// <summary>What became of one delivery of a dispatch.</summary>
/// <param name="Id">The id of the delivery in the store; for a duplicate the id of the one that is there.</param>
/// <param name="ListenerId">The durable listener.</param>
/// <param name="IsDuplicate">Whether an equal delivery was there already, so that none was added: the new one was left out, or has taken its place.</param>
/// <seealso cref="DeliveryOptions.Receipts"/>
public sealed record DeliveryReceipt(long Id, string ListenerId, bool IsDuplicate);
