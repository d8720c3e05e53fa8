using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Tests.Transactions;

/// <summary>Lets the first commit fail as a lost connection does: before it is sent, when the deliveries are written already.</summary>
internal sealed class FailingOnce : DbTransactionInterceptor
{
    internal bool IsArmed { get; private set; }

    internal int Commits { get; private set; }

    internal void Arm() => (IsArmed, Commits) = (true, 0);

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ++Commits == 1 && IsArmed ? throw new TimeoutException("The connection is lost.") : new ValueTask<InterceptionResult>(result);
}
