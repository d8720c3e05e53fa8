using Carillon;
using Carillon.Hosting;
using Carillon.Sqlite;
using Notifications;
using Notifications.Listeners;
using Notifications.Mail;
using Polls.Events;

var builder = WebApplication.CreateBuilder(args);
var options = NotificationsOptions.Read(builder.Configuration, builder.Environment.ContentRootPath);

builder.Services.AddSingleton(options);
builder.Services.AddSingleton<Mailbox>();
builder.Services.AddSingleton<VoteCounter>();
builder.Services.AddHealthChecks().AddCarillon();
builder.Services.AddCarillon(carillon => carillon
    .AddListeners()
    .UseSqlite($"Data Source={options.Database}")
    .UseRabbitMq(options.Broker)
    .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, EventsJsonContext.Default))
    // With a key: polls that are created while this process is away wait for it, and all processes with the key share them.
    .Subscribe("poll.#", subscription =>
    {
        subscription.Key = "notifications";
        subscription.Inbox = TimeSpan.FromDays(7);
    })
    // Without one: the votes of the time in which this process is there, all of them in each process.
    .Subscribe("vote.*"));

var app = builder.Build();
app.MapCarillonHealth();
app.MapGet("/", (Mailbox mailbox, VoteCounter votes) => new { Mails = mailbox.Count, votes.Votes });
return await app.RunWorkerAsync();
