namespace Carillon;

/// <summary>A result with the listener that gave it.</summary>
/// <typeparam name="TResult">The type that was asked for.</typeparam>
/// <param name="ListenerId">The id of the listener.</param>
/// <param name="Result">What it returned.</param>
public readonly record struct ListenerResult<TResult>(string ListenerId, TResult Result);
