namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A call that is carried out together with those of others: see <see cref="CallGroups{TCall, TResult}"/>.</summary>
/// <typeparam name="TResult">What its caller is told.</typeparam>
internal abstract class GroupCall<TResult> : WaitingCall<TResult>
{
    /// <summary>How many rows it sends.</summary>
    internal abstract int Rows { get; }

    /// <summary>How much it sends.</summary>
    internal virtual long Bytes => 0;

    /// <summary>For messages: <c>write 1 delivery of 'poll.created'</c>.</summary>
    internal abstract string What { get; }
}
