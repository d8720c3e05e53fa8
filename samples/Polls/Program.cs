using Carillon;
using Carillon.Hosting;
using Carillon.Sqlite;
using Polls;
using Polls.Events;
using Polls.ExternalApi;
using Polls.Sitemap;
using Polls.Storage;

var builder = WebApplication.CreateBuilder(args);
var options = PollsOptions.Read(builder.Configuration, builder.Environment.ContentRootPath);

builder.Services.AddPolls(options);
builder.Services.AddRazorPages();
builder.Services.AddHealthChecks().AddCarillon();
builder.Services.AddOutputCache();
builder.Services.AddCarillon(carillon => carillon
    .AddListeners()
    .UseSqlite(Database.ConnectionString(options))
    .UseOutputCache()
    .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, EventsJsonContext.Default))
    .ConfigureRetries(retries => retries.MaxAttempts = options.MaxAttempts)
    .ConfigureWorker(worker =>
    {
        worker.LeaseDuration = TimeSpan.FromSeconds(options.LeaseSeconds);
        worker.KeepCompleted = options.KeepCompleted;
    })
    .PublishTo(options.Broker));

var app = builder.Build();
app.Services.GetRequiredService<Database>().Create();

app.UseRequestEvents();
app.UseExceptionHandler("/error");
app.UseStatusCodePagesWithReExecute("/error", "?status={0}");
app.UseContentSecurityPolicy();
app.UseStaticFiles();
app.UseOutputCache();
app.MapRazorPages();
app.MapSitemap();
app.MapPretendApi();
app.MapCarillonHealth();
return await app.RunWorkerAsync();
