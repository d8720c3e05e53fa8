using Carillon.Benchmarks.InProcess.Running;

if (args is ["pair", var name])
{
    await Pair.PrintAsync(name);
    return 0;
}

return InProcessSuite.Run(args);
