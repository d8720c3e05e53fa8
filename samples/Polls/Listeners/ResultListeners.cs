using Carillon;
using Microsoft.Data.Sqlite;
using Polls.Events;
using Polls.Storage;

namespace Polls.Listeners;

/// <summary>
/// Keeps the read model of the results: what the pages show, as they show it, so that nobody counts votes to read a page. The code that counts a vote knows nothing of it.
/// </summary>
/// <remarks>Inline: on the connection of the emitter and thus in its transaction. A visitor who has voted sees the vote, and no crash leaves the two apart.</remarks>
internal sealed class ResultListeners
{
    [OnEvent]
    public Task Begin(PollCreated e, SqliteConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            "INSERT INTO poll_result (poll_id, position, text, votes) SELECT poll_id, position, text, 0 FROM poll_option WHERE poll_id = @poll",
            cancellationToken,
            ("@poll", e.PollId));

    [OnEvent]
    public Task Count(VoteCast e, SqliteConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            "UPDATE poll_result SET votes = votes + 1 WHERE poll_id = @poll AND position = @position",
            cancellationToken,
            ("@poll", e.PollId),
            ("@position", e.Position));
}
