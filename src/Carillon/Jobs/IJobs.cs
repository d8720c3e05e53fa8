namespace Carillon.Jobs;

/// <summary>Pushes jobs: they are stored, and done by their handler in whichever process has room, now or later.</summary>
/// <remarks>
/// What is pushed while a unit of work is open in the same scope belongs to it: the job exists if that commits, and only then. A job is a delivery like those of
/// durable listeners: it is seen, retried, cancelled and moved through <see cref="Deliveries.IDeliveries"/>.
/// </remarks>
/// <threadsafety>Scoped; not safe for concurrent use.</threadsafety>
public interface IJobs
{
    /// <summary>Pushes a job.</summary>
    /// <param name="job">The job, stored as it is now.</param>
    /// <param name="options">When it is due, how urgent it is, its key; by default what its handler and the job itself say.</param>
    /// <param name="cancellationToken">Gives up before it is stored.</param>
    /// <returns>
    /// The id of the delivery, and whether an equal job kept this one out. Null while it belongs to an open unit of work, which has stored nothing yet:
    /// <see cref="DeliveryOptions.Receipts"/> tells of the commit.
    /// </returns>
    /// <exception cref="CarillonException">There is no delivery store, or no handler of exactly this type of job in this application.</exception>
    ValueTask<DeliveryReceipt?> PushAsync(IJob job, DeliveryOptions? options = null, CancellationToken cancellationToken = default);
}
