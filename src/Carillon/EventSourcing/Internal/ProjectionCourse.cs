using System.Globalization;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes;
using Carillon.Retries;
using Microsoft.Extensions.Logging;

namespace Carillon.EventSourcing.Internal;

/// <summary>One generation of a projection, under one lease: takes batch after batch until there is nothing more.</summary>
internal sealed class ProjectionCourse(
    ProjectionSetup projection, ProjectionLease lease, bool isRebuild, ProjectionParts parts)
{
    // More are not read at once, however large the batch is.
    private const int MaxPageSize = 1_000;

    private readonly int _batchSize = BatchSizeOf(projection, parts);
    private readonly ProjectionReader _reader = new(parts.Slot.Streams, Math.Min(BatchSizeOf(projection, parts), MaxPageSize));
    private readonly ProjectionMethods _methods = new(projection, parts.Reading);
    private readonly RetryPolicy _retries = parts.RetriesOf(projection);
    private DateTimeOffset _renewAt;

    // After a failure: as many as came before the event that failed, then that event alone.
    private int _limit = int.MaxValue;
    private int _attempts;
    private bool _hasFailed;

    internal long Position { get; private set; } = lease.Position;

    internal long Taken { get; private set; }

    internal ProjectionLease Lease => lease;

    internal string? Problem { get; private set; }

    // Three chances to reach the store within one lease.
    private TimeSpan RenewInterval => parts.Options.LeaseDuration / 3;

    /// <summary>Goes on until there is nothing more to be read.</summary>
    /// <param name="told">Told of each batch, with the end that it goes for.</param>
    /// <param name="cancellationToken">Gives up; nothing is written of the batch that is under way.</param>
    internal async ValueTask<CourseEnd> RunToEndAsync(Action<long>? told, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var end = await CatchUp.FindEndAsync(parts.Slot.Streams, $"The projection '{projection.Name}'", Position, cancellationToken).ConfigureAwait(false);
                if (Position >= end.Position)
                {
                    return await RenewAsync(cancellationToken).ConfigureAwait(false) ? CourseEnd.CaughtUp : CourseEnd.Lost;
                }

                while (Position < end.Position)
                {
                    if (await StepAsync(end.Position, cancellationToken).ConfigureAwait(false) is { } stopped)
                    {
                        return stopped;
                    }

                    told?.Invoke(end.Position);
                }
            }
        }
        catch (PositionBeyondEndException exception)
        {
            return await FailAsync(Position, exception.Message, exception).ConfigureAwait(false);
        }
        finally
        {
            await _reader.ForgetAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Gives the lease back, so that nobody has to wait for its end. One that has failed has done so already.</summary>
    internal ValueTask ReleaseAsync(string? error = null) =>
        _hasFailed ? ValueTask.CompletedTask : parts.Slot.Projections.ReleaseAsync(lease, error, failedPosition: null, CancellationToken.None);

    private static int BatchSizeOf(ProjectionSetup projection, ProjectionParts parts) =>
        projection.Options.BatchSize > 0 ? projection.Options.BatchSize : parts.Options.PageSize;

    private async ValueTask<CourseEnd?> StepAsync(long end, CancellationToken cancellationToken)
    {
        var events = new BatchEvents(_reader, _methods, Position, end, Math.Min(_limit, _batchSize), projection.Options.SkipsUnknown);
        if (await events.NextAsync(cancellationToken).ConfigureAwait(false) is not { } first)
        {
            Problem = Say(events.Unknown!);
            Log.ProjectionWaits(parts.Logger, projection.Name, events.Unknown!.Position, Problem);
            return CourseEnd.Unknown;
        }

        try
        {
            if (!await parts.Batch.RunAsync(projection, _methods, lease, isRebuild, events, first, parts.Options.LeaseDuration, cancellationToken).ConfigureAwait(false))
            {
                return CourseEnd.Lost;
            }

            (Position, _attempts, _limit, _renewAt) = (events.Position, 0, int.MaxValue, parts.Time.GetUtcNow() + RenewInterval);
            Taken += events.Count;
            return null;
        }
        catch (ProjectionFault fault)
        {
            return await AfterFaultAsync(events, fault, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<CourseEnd?> AfterFaultAsync(BatchEvents events, ProjectionFault fault, CancellationToken cancellationToken)
    {
        await _reader.ForgetAsync().ConfigureAwait(false);
        if (fault.Index > 0 && fault.Failed is not null)
        {
            // What comes before it is all right, and is not to wait with it.
            _limit = fault.Index;
            return null;
        }

        var cause = fault.InnerException!;
        var limits = _retries.For(cause);
        _attempts++;
        // Where only the end of the batch failed, it is the whole that cannot be written.
        var failed = fault.Failed?.Position ?? events.Position;
        if (_attempts >= limits.MaxAttempts || cause is EventSerializationException or UnrecoverableListenerException)
        {
            return await FailAsync(failed, $"{Where(events, fault)}: {cause.Message}", cause).ConfigureAwait(false);
        }

        _limit = fault.Index == 0 ? 1 : int.MaxValue;
        var wait = limits.BackOff.After(_attempts);
        Log.ProjectionRetries(parts.Logger, projection.Name, failed, _attempts, limits.MaxAttempts, wait, cause);
        return await WaitAsync(wait, cancellationToken).ConfigureAwait(false) ? null : CourseEnd.Lost;
    }

    // In slices: a process that takes the projection over while this one waits would begin to count the attempts anew, and nobody would ever come to the last of them.
    private async ValueTask<bool> WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var end = parts.Time.GetUtcNow() + wait;
        while (await RenewAsync(cancellationToken).ConfigureAwait(false))
        {
            var left = end - parts.Time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return true;
            }

            await Task.Delay(left < RenewInterval ? left : RenewInterval, parts.Time, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    private async ValueTask<CourseEnd> FailAsync(long position, string problem, Exception cause)
    {
        Problem = problem;
        _hasFailed = true;
        Log.ProjectionFailed(parts.Logger, projection.Name, lease.Generation, position, cause);
        await parts.Slot.Projections.ReleaseAsync(lease, problem, position, CancellationToken.None).ConfigureAwait(false);
        return CourseEnd.Failed;
    }

    // While there is nothing to be written, the lease is kept by itself.
    private async ValueTask<bool> RenewAsync(CancellationToken cancellationToken)
    {
        var now = parts.Time.GetUtcNow();
        if (now < _renewAt)
        {
            return true;
        }

        _renewAt = now + RenewInterval;
        return await parts.Slot.Projections.AdvanceAsync(null, lease, Position, now + parts.Options.LeaseDuration, cancellationToken).ConfigureAwait(false);
    }

    private string Say(StoredEvent stored)
    {
        try
        {
            parts.Reading.Read(stored);
            return EventReading.Words(stored);
        }
        catch (EventSerializationException exception)
        {
            return $"{exception.Message} If it is gone for good, say ProjectionOptions.SkipsUnknown; if a newer release has appended it, its processes take the projection over.";
        }
    }

    private static string Where(BatchEvents events, ProjectionFault fault) =>
        fault.Failed is not { } failed
            ? string.Create(CultureInfo.InvariantCulture, $"The batch up to position {events.Position} could not be completed")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"'{failed.Envelope.EventName}' at position {failed.Position} (stream '{failed.Stream}', version {failed.Version}) failed");
}
