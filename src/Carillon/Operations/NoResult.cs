namespace Carillon.Operations;

/// <summary>Stands for the result of an operation that gives nothing back.</summary>
public readonly record struct NoResult;
