namespace Carillon.Generators.Emit;

/// <summary>The types that generated code calls.</summary>
internal static class Names
{
    internal const string Builder = "global::Carillon.CarillonBuilder";
    internal const string Projections = "global::Carillon.EventSourcingCarillonBuilderExtensions";
    internal const string JobHandlers = "global::Carillon.JobCarillonBuilderExtensions";
    internal const string Caches = "global::Carillon.CacheCarillonBuilderExtensions";
    internal const string CacheInvalidation = "global::Carillon.Caching.CacheInvalidation";
    internal const string Sagas = "global::Carillon.SagaCarillonBuilderExtensions";
    internal const string SagaStep = "global::Carillon.Sagas.SagaStep";
    internal const string SagaStepKind = "global::Carillon.Sagas.SagaStepKind";
    internal const string SagaKey = "global::Carillon.Sagas.SagaKey";
    internal const string EarlyEvents = "global::Carillon.EarlyEvents";
    internal const string Delivery = "global::Carillon.Delivery";
    internal const string UniqueUntil = "global::Carillon.UniqueUntil";
    internal const string ListenerUniqueness = "global::Carillon.Listeners.ListenerUniqueness";
    internal const string TimeSpan = "global::System.TimeSpan";
    internal const string ListenerErrors = "global::Carillon.ListenerErrors";
    internal const string EventErrors = "global::Carillon.EventErrors";
    internal const string EventType = "global::Carillon.Events.EventType";
    internal const string Listener = "global::Carillon.Listeners.Listener";
    internal const string ListenerInvoker = "global::Carillon.Listeners.ListenerInvoker";
    internal const string ListenerCall = "global::Carillon.Listeners.ListenerCall";
    internal const string ListenerDependency = "global::Carillon.Listeners.ListenerDependency";
    internal const string StoppableEvent = "global::Carillon.IStoppableEvent";
    internal const string EventPlan = "global::Carillon.Dispatch.EventPlan";
    internal const string GeneratedManifest = "global::Carillon.Dispatch.GeneratedManifest";
    internal const string LoneCall = "global::Carillon.Dispatch.LoneCall";
    internal const string GeneratedPlan = "global::Carillon.Dispatch.GeneratedPlan";
    internal const string DispatchScope = "global::Carillon.Dispatch.DispatchScope";
    internal const string ListenerService = "global::Carillon.Dispatch.ListenerService";
    internal const string ServiceLifetimes = "global::Carillon.Dispatch.ServiceLifetimes";
    internal const string ServiceLifetime = "global::Microsoft.Extensions.DependencyInjection.ServiceLifetime";
    internal const string Services = "global::Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions";
    internal const string KeyedServices = "global::Microsoft.Extensions.DependencyInjection.ServiceProviderKeyedServiceExtensions";
    internal const string KeyedServiceProvider = "global::Microsoft.Extensions.DependencyInjection.IKeyedServiceProvider";
    internal const string Type = "global::System.Type";
    internal const string ReadOnlySpan = "global::System.ReadOnlySpan";
    internal const string ServiceProvider = "global::System.IServiceProvider";
    internal const string ValueTask = "global::System.Threading.Tasks.ValueTask";
    internal const string CancellationToken = "global::System.Threading.CancellationToken";
    internal const string Embedded = "global::Microsoft.CodeAnalysis.Embedded";
    internal const string Obsolete = "global::System.Obsolete";
}
