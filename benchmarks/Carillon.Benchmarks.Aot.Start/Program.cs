using Carillon;
using Carillon.Aot.Orders;

// In process, or with the durable engine and its store; the libraries are there in any case.
return await Start.RunAsync(args is ["durable", var database] ? carillon => carillon.UseSqlite($"Data Source={database}") : null);
