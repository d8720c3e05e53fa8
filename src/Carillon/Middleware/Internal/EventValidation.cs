namespace Carillon.Middleware.Internal;

/// <summary>Validators of one type of event.</summary>
/// <param name="EventType">The events that are shown to them.</param>
/// <param name="Validate">Gives the reasons against an event.</param>
/// <param name="NeededService">What the container must have; null for a lambda.</param>
internal sealed record EventValidation(Type EventType, Func<object, IServiceProvider, IEnumerable<string>> Validate, Type? NeededService);
