using Carillon.Dispatch.Internal;

namespace Carillon;

/// <summary>Emits by name.</summary>
public static class NamedEventExtensions
{
    /// <summary>Calls every inline listener of the name, by highest priority, then by registration.</summary>
    /// <param name="bus">The dispatcher or the bus of the current scope.</param>
    /// <param name="name">The name, <c>user.created</c>: 1 to 200 characters, parted by dots into segments, without <c>*</c> and <c>#</c>.</param>
    /// <param name="payload">Whatever belongs to it; null if there is nothing.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <returns>Whether anybody listened.</returns>
    /// <remarks>
    /// A payload whose type is the event of this name is dispatched as that event: the listeners of the type and those of the name are called, each once.
    /// An exception of a listener stops the rest and reaches the caller unchanged.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty, too long, or a pattern.</exception>
    /// <exception cref="CarillonException">A durable listener takes part, and the payload is not an event of this name, so that it could not be stored.</exception>
    public static ValueTask<bool> EmitAsync(this IEventBus bus, string name, object? payload = null, CancellationToken cancellationToken = default) =>
        bus is EventDispatcher own
            ? own.EmitAsync(name, payload, cancellationToken)
            : EmitThroughInterfaceAsync(bus, name, payload, cancellationToken);

    /// <summary>Calls every inline listener of the name, and has the deliveries of durable ones made as the options say.</summary>
    /// <param name="bus">The dispatcher or the bus of the current scope.</param>
    /// <param name="name">The name, <c>user.created</c>.</param>
    /// <param name="payload">Whatever belongs to it; null if there is nothing.</param>
    /// <param name="options">When, how urgently and beside which others its deliveries run.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <returns>Whether anybody listened; while events wait in a buffer, false.</returns>
    /// <exception cref="ArgumentException">The name is empty, too long, or a pattern; or the options say what cannot be.</exception>
    /// <exception cref="CarillonException">A durable listener takes part, and the payload is not an event of this name, so that it could not be stored.</exception>
    public static async ValueTask<bool> EmitAsync(
        this IEventBus bus, string name, object? payload, DeliveryOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var named = new NamedEvent(name, payload);
        await bus.DispatchObjectAsync(named, options, cancellationToken).ConfigureAwait(false);
        return named.IsHandled;
    }

    /// <inheritdoc cref="EmitAsync(IEventBus, string, object, DeliveryOptions, CancellationToken)"/>
    public static ValueTask<bool> EmitAsync(this IEventBus bus, string name, DeliveryOptions options, CancellationToken cancellationToken = default) =>
        bus.EmitAsync(name, payload: null, options, cancellationToken);

    private static async ValueTask<bool> EmitThroughInterfaceAsync(IEventBus bus, string name, object? payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var named = new NamedEvent(name, payload);
        await bus.DispatchObjectAsync(named, cancellationToken).ConfigureAwait(false);
        return named.IsHandled;
    }
}
