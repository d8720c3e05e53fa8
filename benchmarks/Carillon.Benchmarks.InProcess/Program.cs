using Carillon.Benchmarks.InProcess.Running;

return InProcessSuite.Run(args);
