using Carillon;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Polls.Events;
using Polls.Storage;

namespace Polls.Creating;

internal sealed class PollCreation(
    IBadWordsFilter badWords, SqliteConnection connection, IUnitOfWorkFactory unitsOfWork, IEventDispatcher events, TimeProvider clock)
{
    private const int ForeignKeyConstraint = 787;

    /// <returns>The id of the new poll.</returns>
    /// <exception cref="UnknownTopicException">The topic does not exist; found by the database at the commit.</exception>
    public async Task<Guid> CreateAsync(NewPoll poll, CancellationToken cancellationToken)
    {
        // Whatever can be slow comes first, outside the transaction: an open one keeps every other writer waiting.
        var clean = await FilterAsync(poll, cancellationToken);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);

        await using var unitOfWork = await unitsOfWork.BeginAsync(connection, cancellationToken);
        await WriteAsync(id, now, clean, cancellationToken);

        // The deliveries of the durable listeners join this transaction: they are there if the poll is, and gone if it is not.
        await events.DispatchAsync(new PollCreated(id, now), cancellationToken);

        try
        {
            await unitOfWork.CommitAsync(cancellationToken);
        }
        catch (SqliteException exception) when (exception.SqliteExtendedErrorCode == ForeignKeyConstraint)
        {
            throw new UnknownTopicException(poll.TopicId, exception);
        }

        return id;
    }

    private async Task<NewPoll> FilterAsync(NewPoll poll, CancellationToken cancellationToken)
    {
        var options = new List<string>(poll.Options.Count);
        foreach (var option in poll.Options)
        {
            options.Add(await badWords.FilterAsync(option, cancellationToken));
        }

        return poll with { Question = await badWords.FilterAsync(poll.Question, cancellationToken), Options = options };
    }

    private async Task WriteAsync(Guid id, DateTimeOffset now, NewPoll poll, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            "INSERT INTO poll (id, topic_id, question, created_at) VALUES (@id, @topic, @question, @now)",
            cancellationToken,
            ("@id", id),
            ("@topic", poll.TopicId),
            ("@question", poll.Question),
            ("@now", now));

        foreach (var (index, text) in poll.Options.Index())
        {
            await connection.ExecuteAsync(
                "INSERT INTO poll_option (poll_id, position, text) VALUES (@id, @position, @text)",
                cancellationToken,
                ("@id", id),
                ("@position", index + 1),
                ("@text", text));
        }
    }
}
