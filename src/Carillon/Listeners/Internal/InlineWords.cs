namespace Carillon.Listeners.Internal;

/// <summary>What is said of a listener that runs inside the dispatch, and of no other. This file is compiled into the analyzers too, so that a build refuses what a start refuses.</summary>
internal sealed record InlineWords
{
    /// <summary>How events reach the listener: inline, durable, background, or in a phase.</summary>
    public string Kind { get; init; } = "inline";

    public bool StopPropagation { get; init; }

    /// <summary>What becomes of its exceptions, if that was said.</summary>
    public string? Errors { get; init; }

    /// <summary>Completes a sentence that begins with the listener; null if nothing is wrong.</summary>
    internal string? Fault() =>
        Kind == "inline" ? null
        : StopPropagation ? $"stops propagation, but it is {Kind} and runs after the dispatch: there is nothing left to stop. Take StopPropagation away, or make it inline."
        : Errors is null ? null
        : Kind == "before-commit"
            ? $"says Errors = {Errors}, but it is {Kind}: what it throws rolls the unit of work back. Take Errors away, or make it inline or after-commit."
            : $"says Errors = {Errors}, but it is {Kind}: its exceptions never reach the emitter and are logged anyway. Take Errors away, or make it inline.";
}
