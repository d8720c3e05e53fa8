using System.Diagnostics;

namespace Carillon.Diagnostics.Internal;

/// <summary>A span, or none. Whoever watches must not disturb what is watched: a listener of spans that throws is a span that is missing.</summary>
internal readonly struct Span
{
    // A text of the application's own, which may be of any length.
    private const int MaxDescription = 1024;

    private readonly Activity? _activity;
    private readonly Activity? _outer;

    private Span(Activity? activity, Activity? outer)
    {
        _activity = activity;
        _outer = outer;
    }

    internal bool IsRecorded => _activity is { IsAllDataRequested: true };

    /// <summary>The span that the work belongs to from here on; ended by <see cref="End"/> in the same method.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    internal static Span Start(string name, ActivityKind kind) => Start(name, kind, parent: default, isRoot: false);

    /// <summary>The same, as the child of a span that may have ended long ago in another process; a root if there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="parent">The span that caused it; the default if none did.</param>
    internal static Span StartUnder(string name, ActivityKind kind, ActivityContext parent) => Start(name, kind, parent, isRoot: parent == default);

    internal Span Tag(string name, object? value)
    {
        _activity?.SetTag(name, value);
        return this;
    }

    internal Span Rename(string name)
    {
        _activity?.DisplayName = name;
        return this;
    }

    internal void Fail(Exception exception)
    {
        if (_activity is null)
        {
            return;
        }

        _activity.SetTag(Tags.Error, exception.GetType().FullName);
        try
        {
            var message = exception.Message;
            _activity.SetStatus(ActivityStatusCode.Error, message.Length <= MaxDescription ? message : message[..MaxDescription]);
            _activity.AddException(exception);
        }
#pragma warning disable CA1031 // An exception of the application's own that cannot say what it is; its type has been said.
        catch (Exception)
#pragma warning restore CA1031
        {
            _activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    internal void Fail(string errorType, string? description)
    {
        _activity?.SetTag(Tags.Error, errorType);
        _activity?.SetStatus(ActivityStatusCode.Error, description);
    }

    internal void End()
    {
        if (_activity is null)
        {
            return;
        }

        try
        {
            _activity.Dispose();
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            Activity.Current = _outer;
        }
    }

    private static Span Start(string name, ActivityKind kind, ActivityContext parent, bool isRoot)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return default;
        }

        var outer = Activity.Current;
        try
        {
            if (isRoot)
            {
                Activity.Current = null;
            }

            if (Telemetry.Source.StartActivity(name, kind, parent) is { } activity)
            {
                return new Span(activity, outer);
            }
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is none then.
        }

        Activity.Current = outer;
        return default;
    }
}
