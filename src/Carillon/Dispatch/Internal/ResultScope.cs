namespace Carillon.Dispatch.Internal;

/// <summary>The scope of one dispatch whose emitter wants results or says something of its deliveries: both find their way to the listeners through whatever surrounds the plan.</summary>
internal sealed class ResultScope(EventDispatcher dispatcher, ResultCollector? results, DeliveryOptions? options = null) : DispatchScope(dispatcher.Services)
{
    internal EventDispatcher Dispatcher => dispatcher;

    /// <summary>Null if nobody wants any.</summary>
    internal ResultCollector? Results => results;

    /// <summary>Null if nothing is said.</summary>
    internal DeliveryOptions? Options => options;
}
