using Carillon;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Polls.Events;
using Polls.Storage;

namespace Polls.Voting;

internal sealed class VoteCasting(SqliteConnection connection, IUnitOfWorkFactory unitsOfWork, IEventDispatcher events, TimeProvider clock)
{
    /// <returns>False if the poll has no such option; nothing is counted then.</returns>
    public async Task<bool> CastAsync(Guid pollId, int position, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var unitOfWork = await unitsOfWork.BeginAsync(connection, cancellationToken);
        var written = await connection.ExecuteAsync(
            """
            INSERT INTO vote (poll_id, position, cast_at)
            SELECT poll_id, position, @now FROM poll_option WHERE poll_id = @poll AND position = @position
            """,
            cancellationToken,
            ("@now", now),
            ("@poll", pollId),
            ("@position", position));
        if (written == 0)
        {
            return false;
        }

        await events.DispatchAsync(new VoteCast(pollId, position, now), cancellationToken);
        await unitOfWork.CommitAsync(cancellationToken);
        return true;
    }
}
