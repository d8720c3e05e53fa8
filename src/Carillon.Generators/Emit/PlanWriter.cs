using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>
/// Writes the plan of an event: one straight line of calls, which stays synchronous, and so allocates nothing, for as long as listeners complete
/// at once; the first that does not moves to a second method, which awaits it and goes on behind it.
/// </summary>
internal sealed class PlanWriter
{
    internal static readonly NumberedCode Plans = new("Plans", Names.EventPlan, "Create", [new("", Names.ServiceLifetimes, "lifetimes")]);

    private const string Parameters =
        $"{Names.DispatchScope} scope, {Names.CancellationToken} cancellationToken";

    private readonly SourceWriter _writer;
    private readonly EventModel _event;
    private readonly string _eventName;
    private readonly EquatableArray<ListenerModel> _listeners;
    private readonly string _name;
    private readonly PlanServices _services;
    private readonly CallWriter _calls;

    // The places behind a listener that may still be running when it returns. The last listener has nothing behind it.
    private readonly int[] _resumptions;

    private PlanWriter(SourceWriter writer, PlanModel plan, int number)
    {
        _writer = writer;
        _event = plan.Event;
        _eventName = plan.Name ?? plan.Event.Name;
        _listeners = plan.Called;
        _name = $"Plan{number}";
        _services = new PlanServices(plan.Called);
        _calls = new CallWriter("scope.Services", "null", "cancellationToken", _services.Get);
        _resumptions = Enumerable.Range(1, _listeners.Count - 1).Where(next => _listeners[next - 1].IsAsynchronous).ToArray();
    }

    internal static void Write(SourceWriter writer, IReadOnlyList<PlanModel> plans)
    {
        if (plans.Count == 0)
        {
            return;
        }

        Plans.WriteInstances(writer, RegistrationMethods.PlanCode);
        var writers = plans.Select((plan, number) => new PlanWriter(writer, plan, number)).ToArray();
        Plans.Write(writer, [.. Enumerable.Range(0, plans.Count)], number => writers[number].WriteCreate(number));
        foreach (var each in writers)
        {
            each.Write();
        }
    }

    private void WriteCreate(int number)
    {
        _writer.Line();
        _writer.Line($"{Plans.Declaration(number)} => new {_name}({(_services.IsEmpty ? string.Empty : "lifetimes")});");
    }

    private void Write()
    {
        _writer.Line();
        _writer.Line(Text.Comment(_eventName));
        _writer.Open($"private sealed class {_name} : {Names.EventPlan}<{_event.TypeName}>");
        _services.WriteFields(_writer);
        if (!_services.IsEmpty)
        {
            WriteConstructor();
        }

        WriteInvoke();
        if (_resumptions.Length > 0)
        {
            WriteAwait();
        }

        _writer.Close();
    }

    private void WriteConstructor()
    {
        _writer.Open($"internal {_name}({Names.ServiceLifetimes} lifetimes)");
        _services.WriteAssignments(_writer);
        _writer.Close();
        _writer.Line();
    }

    private void WriteInvoke()
    {
        _writer.Open($"public override {Names.ValueTask} InvokeAsync({_event.TypeName} @event, {Parameters})");
        var last = _listeners.Count - 1;
        for (var place = 0; place < last; place++)
        {
            WriteStopCheck($"return {Names.ValueTask}.CompletedTask;");
            WriteCall(place);
        }

        WriteStopCheck($"return {Names.ValueTask}.CompletedTask;");
        Results.WriteLast(_writer, _listeners[last].Result, Call(last));
        _writer.Close();
    }

    private void WriteCall(int place)
    {
        var listener = _listeners[place];
        if (!listener.IsAsynchronous)
        {
            _writer.Line(Results.Statement(listener.Result, Call(place)));
            return;
        }

        var running = $"running{place}";
        var next = _resumptions.Length > 1 ? $", {place + 1}" : string.Empty;
        _writer.Line($"var {running} = {Call(place)};");
        _writer.Open($"if (!{running}.IsCompletedSuccessfully)");
        _writer.Line($"return AwaitAsync({Results.AsValueTask(listener.Result, running)}{next}, @event, scope, cancellationToken);");
        _writer.Close();
        _writer.Line();
        if (listener.Result is not (ResultKind.Task or ResultKind.TaskOfT))
        {
            // Gives a pooled source back.
            _writer.Line($"{running}.GetAwaiter().GetResult();");
        }
    }

    private void WriteAwait()
    {
        _writer.Line();
        var next = _resumptions.Length > 1 ? ", int next" : string.Empty;
        _writer.Line(Results.Pooled);
        _writer.Open($"private async {Names.ValueTask} AwaitAsync({Names.ValueTask} running{next}, {_event.TypeName} @event, {Parameters})");
        _writer.Line("await running.ConfigureAwait(false);");
        if (_resumptions.Length == 1)
        {
            WriteStretch(_resumptions[0], _listeners.Count);
        }
        else
        {
            WriteSwitch();
        }

        _writer.Close();
    }

    private void WriteSwitch()
    {
        _writer.Open("switch (next)");
        for (var index = 0; index < _resumptions.Length; index++)
        {
            var isLast = index == _resumptions.Length - 1;
            _writer.Indent($"case {_resumptions[index]}:");
            WriteStretch(_resumptions[index], isLast ? _listeners.Count : _resumptions[index + 1]);
            _writer.Line(isLast ? "break;" : $"goto case {_resumptions[index + 1]};");
            _writer.Unindent();
        }

        _writer.Close();
    }

    private void WriteStretch(int from, int to)
    {
        for (var place = from; place < to; place++)
        {
            WriteStopCheck("return;");
            _writer.Line(Results.Await(_listeners[place].Result, Call(place)));
        }
    }

    private void WriteStopCheck(string then)
    {
        if (_event.StopCheck == StopCheck.None)
        {
            return;
        }

        var @event = _event.StopCheck == StopCheck.Property ? "@event" : $"(({Names.StoppableEvent})@event)";
        _writer.Open($"if ({@event}.IsPropagationStopped)");
        _writer.Line(then);
        _writer.Close();
        _writer.Line();
    }

    // The cast chooses the overload that was registered, not the one that fits the event best.
    private string Call(int place)
    {
        var listener = _listeners[place];
        return _calls.Call(listener, listener.EventTypeName == _event.TypeName ? "@event" : $"({listener.EventTypeName})@event");
    }
}
