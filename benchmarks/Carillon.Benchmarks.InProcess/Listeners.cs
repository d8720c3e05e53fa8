using System.Runtime.CompilerServices;
using Carillon.Benchmarks.InProcess.References;

namespace Carillon.Benchmarks.InProcess;

// No listener is inlined: one that does anything worth an event is a call in every bus that is compared here.

/// <summary>The one listener of <see cref="OneEvent"/>: by the attribute, and by the interface for the references.</summary>
public sealed class OneListener : IHandler<OneEvent>
{
    /// <inheritdoc/>
    [OnEvent]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Handle(OneEvent @event) => @event.Count();
}

/// <summary>The ten listeners of <see cref="TenEvent"/>.</summary>
public sealed class TenListeners
{
    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void A(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void B(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void C(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void D(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void E(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void F(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void G(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void H(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void I(TenEvent @event) => @event.Count();

    [OnEvent, MethodImpl(MethodImplOptions.NoInlining)]
    public void J(TenEvent @event) => @event.Count();
}

/// <summary>The listener of <see cref="ScopedEvent"/>; registered as scoped.</summary>
public sealed class ScopedListener
{
    [OnEvent]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Handle(ScopedEvent @event) => @event.Count();
}

/// <summary>The listener of <see cref="SurroundedEvent"/>.</summary>
public sealed class SurroundedListener : IHandler<SurroundedEvent>
{
    /// <inheritdoc/>
    [OnEvent]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Handle(SurroundedEvent @event) => @event.Count();
}

/// <summary>The listener of <see cref="AsyncEvent"/>: it gives its thread away, and goes on as soon as there is one.</summary>
public sealed class AsyncListener : IAsyncHandler<AsyncEvent>
{
    /// <inheritdoc/>
    [OnEvent]
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask HandleAsync(AsyncEvent @event)
    {
        @event.Count();
        await Task.Yield();
    }
}
