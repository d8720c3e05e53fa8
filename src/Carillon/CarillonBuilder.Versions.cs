using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Carillon.Envelopes;
using Carillon.Envelopes.Internal;
using Carillon.Hosting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon;

// Stored events of older versions.
public sealed partial class CarillonBuilder
{
    /// <summary>Takes stored events from a version to the next by changing their JSON in place.</summary>
    /// <typeparam name="TEvent">The event as it is today, of exactly this type.</typeparam>
    /// <param name="fromVersion">The version that it takes, from 1; what comes out is of the next one. Steps are chained: from 1 to 2, from 2 to 3.</param>
    /// <param name="upcast">Changes the event as it was stored. Called at each attempt, also at the same time, with a copy each time.</param>
    /// <remarks>Every version before that of the event needs a step once a durable listener takes it; the host does not start without.</remarks>
    public CarillonBuilder AddUpcaster<TEvent>(int fromVersion, Action<JsonObject> upcast)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(upcast);
        return AddUpcaster<TEvent>(fromVersion, json =>
        {
            upcast(json);
            return json;
        });
    }

    /// <summary>Takes stored events from a version to the next by making other JSON of theirs.</summary>
    /// <param name="fromVersion">The version that it takes, from 1; what comes out is of the next one. Steps are chained: from 1 to 2, from 2 to 3.</param>
    /// <param name="upcast">Gets the event as it was stored, which it may change and return. Called at each attempt, also at the same time.</param>
    /// <inheritdoc cref="AddUpcaster{TEvent}(int, Action{JsonObject})"/>
    [OverloadResolutionPriority(1)]
    public CarillonBuilder AddUpcaster<TEvent>(int fromVersion, Func<JsonObject, JsonObject> upcast)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(upcast);
        var upcaster = new LambdaUpcaster(upcast);
        return AddUpcaster(typeof(TEvent), fromVersion, string.Create(CultureInfo.InvariantCulture, $"AddUpcaster<{typeof(TEvent).Name}>({fromVersion})"), _ => upcaster);
    }

    /// <summary>Takes stored events from a version to the next by a class of its own, which has its dependencies from the services.</summary>
    /// <typeparam name="TEvent">The event as it is today, of exactly this type.</typeparam>
    /// <typeparam name="TUpcaster">The class; added to the services as a singleton, unless it is there already.</typeparam>
    /// <param name="fromVersion">The version that it takes, from 1; what comes out is of the next one.</param>
    public CarillonBuilder AddUpcaster<TEvent, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TUpcaster>(int fromVersion)
        where TEvent : notnull
        where TUpcaster : class, IEventUpcaster
    {
        Services.TryAddSingleton<TUpcaster>();
        return AddUpcaster(typeof(TEvent), fromVersion, $"'{typeof(TUpcaster)}'", static services => services.GetRequiredService<TUpcaster>());
    }

    private CarillonBuilder AddUpcaster(Type eventType, int fromVersion, string name, Func<IServiceProvider, IEventUpcaster> create)
    {
        CarillonServices.AddEngine(Services, _setup);
        _setup.AddEventType(eventType);
        Services.AddSingleton(new UpcastStep(eventType, fromVersion, name, create));
        return this;
    }
}
