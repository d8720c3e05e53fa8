namespace Carillon.Benchmarks.Startup.PlainContainer;

internal interface IHandler<in TEvent>
{
    void Handle(TEvent @event);
}
