namespace Carillon.Dispatch.Internal;

/// <summary>The scope of one dispatch whose emitter wants results: they find their way to the listeners through whatever surrounds the plan.</summary>
internal sealed class ResultScope(EventDispatcher dispatcher, ResultCollector results) : DispatchScope(dispatcher.Services)
{
    internal EventDispatcher Dispatcher => dispatcher;

    internal ResultCollector Results => results;
}
