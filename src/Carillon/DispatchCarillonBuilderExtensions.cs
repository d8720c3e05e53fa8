using Carillon.Dispatch;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Listeners.Providers;
using Carillon.Tracing;
using Carillon.Tracing.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon;

/// <summary>What an application says of dispatches as such.</summary>
public static class DispatchCarillonBuilderExtensions
{
    private const int DefaultTraceCapacity = 1_000;

    /// <summary>Changes how deep chains of events may be.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">Changes the options.</param>
    public static CarillonBuilder ConfigureDispatch(this CarillonBuilder carillon, Action<DispatchOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(configure);
        configure(carillon.Setup.DispatchOptions ??= new DispatchOptions());
        return carillon;
    }

    /// <summary>
    /// Writes down which listeners each dispatch has called, which it has not, and who stopped it: in <see cref="IDispatchTrace"/> and in the log (16, Debug).
    /// For development and tests: generated plans are not used, and each dispatch allocates. An application that does not ask for it pays nothing.
    /// </summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="capacity">How many dispatches are kept; at least 1, defaults to 1,000.</param>
    public static CarillonBuilder UseTracing(this CarillonBuilder carillon, int capacity = DefaultTraceCapacity)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        carillon.Setup.HasTracing = true;
        carillon.Services.TryAddSingleton<IDispatchTrace>(_ => new DispatchTrace(capacity));
        return carillon;
    }

    /// <summary>
    /// Gives each dispatch a span (source <c>Carillon</c>) and measures it (<c>carillon.dispatch.duration</c>) in scopes that begin while somebody wants that. An application
    /// with a delivery store need not ask. In others spans are not made unasked, since the types behind them take milliseconds to load at start.
    /// </summary>
    /// <param name="carillon">The builder of the application.</param>
    public static CarillonBuilder UseTelemetry(this CarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        CarillonServices.AddTelemetry(carillon.Services, carillon.Setup);
        return carillon;
    }

    /// <summary>Puts a provider around those of the application, or in their place. Called again, the later one is around the earlier one.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="compose">
    /// Gets the container and the provider so far, which is the built-in one and behind it those of <see cref="CarillonBuilder.AddProvider{TProvider}"/>; gives
    /// the provider that the dispatcher asks. Called once, before the first dispatch. If it leaves out the provider so far, listeners that were added in
    /// AddCarillon, or are added while the application runs, are not called; durable ones still take what is stored for them.
    /// </param>
    public static CarillonBuilder UseProvider(this CarillonBuilder carillon, Func<IServiceProvider, IListenerProvider, IListenerProvider> compose)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(compose);
        var setup = carillon.Setup;
        carillon.Services.TryAddSingleton(services => new ComposedProvider(
            setup.ComposeProvider!(services, new AggregateProvider([.. services.GetServices<IListenerProvider>()])),
            services.GetRequiredService<ListenerRegistry>()));
        setup.ComposeProvider = setup.ComposeProvider is { } inner ? (services, soFar) => compose(services, inner(services, soFar)) : compose;
        return carillon;
    }

    /// <summary>Changes from when on an inline listener inside the open transaction of a unit of work is slow, which the log warns of (18): it holds locks for as long.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="limit">How long it may take; defaults to one second. <see cref="Timeout.InfiniteTimeSpan"/> for no warning.</param>
    /// <remarks>Only dispatches inside a unit of work are watched; others pay nothing.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The limit is zero or negative.</exception>
    public static CarillonBuilder WarnOfSlowListeners(this CarillonBuilder carillon, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        if (limit != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        }

        (carillon.Setup.DispatchOptions ??= new DispatchOptions()).SlowListenerLimit = limit;
        return carillon;
    }

    /// <summary>
    /// Makes it an error to dispatch an event with durable listeners outside a unit of work or an ambient transaction, unless the dispatch says
    /// <see cref="DeliveryOptions.OutsideTransaction"/>. Without it such deliveries are committed to the store at once.
    /// </summary>
    /// <param name="carillon">The builder of the application.</param>
    public static CarillonBuilder RequireUnitOfWork(this CarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        carillon.Setup.RequiresUnitOfWork = true;
        return carillon;
    }
}
