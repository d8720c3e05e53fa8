namespace Carillon.Simulation.World;

/// <summary>A fault that the simulation has made: a call that was refused, or one whose answer was lost.</summary>
internal sealed class InjectedFaultException(string message) : Exception(message);
