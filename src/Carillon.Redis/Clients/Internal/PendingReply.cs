namespace Carillon.Redis.Clients.Internal;

/// <summary>A command that was sent, and whose reply is to come. Replies come in the order of the commands.</summary>
internal sealed class PendingReply(long sentAt, TimeSpan timeout) : TaskCompletionSource<RespValue>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal bool IsOverdue(TimeProvider time) => time.GetElapsedTime(sentAt) > timeout;
}
