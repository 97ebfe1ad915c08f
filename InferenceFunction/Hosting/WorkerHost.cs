using System.Net;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Serving;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Keda.Inference.InferenceFunction.Hosting;

/// <summary>Runs the worker as a process: exit code 0 after an orderly stop, 2 for configuration or a model that cannot be served.</summary>
internal static class WorkerHost
{
    private const int UsageError = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var problems = new List<string>();
        var settings = WorkerSettings.Read(args, problems);
        var builder = CreateBuilder(settings);
        try
        {
            builder.Services.AddWorkQueue(settings.Configuration);
        }
        catch (OptionsValidationException wrong)
        {
            problems.AddRange(wrong.Failures);
        }

        if (problems.Count > 0)
        {
            foreach (var problem in problems)
                await Console.Error.WriteLineAsync(problem).ConfigureAwait(false);
            return UsageError;
        }

        return await RunAsync(builder, settings).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(WebApplicationBuilder builder, WorkerSettings settings)
    {
        using var loggers = LoggerFactory.Create(logging => ConfigureLogging(logging, settings));
        // The model loads while the host and its connections come up.
        var loading = Task.Factory.StartNew(
            () => Load(settings, loggers), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        AddServices(builder.Services, settings, loggers, loading);
        var app = builder.Build();
        await using var running = app.ConfigureAwait(false);
        WorkerEndpoints.Map(app);
        var failure = app.Services.GetRequiredService<WorkerFailure>();
        try
        {
            await app.RunAsync().ConfigureAwait(false);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return await ExitCodeAsync(new ModelException(
                $"{settings.Worker.BindAddress}:{settings.Worker.HttpPort} is in use: give another port as --Worker:HttpPort.")).ConfigureAwait(false);
        }

        return await ExitCodeAsync(failure.Error).ConfigureAwait(false);
    }

    private static Classifier Load(WorkerSettings settings, ILoggerFactory loggers)
    {
        OnnxRuntimeSessions.WithoutTelemetry();
        return new ClassifierLoader(settings.Runtime, settings.Preprocess, loggers.CreateLogger<ClassifierLoader>()).Load(
            new ModelSource(settings.Model, loggers.CreateLogger<ModelSource>()).Resolve(), settings.Model, settings.Worker.MaxBatch);
    }

    private static async Task<int> ExitCodeAsync(Exception? error)
    {
        switch (error)
        {
            case null or OperationCanceledException:
                return 0;
            case ModelException:
                await Console.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
                return UsageError;
            default:
                await Console.Error.WriteLineAsync(error.ToString()).ConfigureAwait(false);
                return 1;
        }
    }

    private static WebApplicationBuilder CreateBuilder(WorkerSettings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Keda.Inference.InferenceFunction" });
        builder.Configuration.AddConfiguration(settings.Configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (IPAddress.TryParse(settings.Worker.BindAddress, out var address))
                kestrel.Listen(address, settings.Worker.HttpPort);
        });
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Worker.DrainSeconds + 5));
        return builder;
    }

    private static void AddServices(IServiceCollection services, WorkerSettings settings, ILoggerFactory loggers, Task<Classifier> loading)
    {
        services.AddSingleton(loggers);
        services.AddRoutingCore();
        services.AddSingleton(settings.Worker);
        services.AddSingleton(settings.Preprocess);
        services.AddSingleton(loading);
        services.AddSingleton<WorkerMetrics>();
        services.AddSingleton<WorkerHealth>();
        services.AddSingleton<WorkerFailure>();
        services.AddHostedService<WorkerService>();
        if (!string.IsNullOrEmpty(settings.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            TelemetryExport.Add(services);
    }

    private static void ConfigureLogging(ILoggingBuilder logging, WorkerSettings settings)
    {
        logging.AddConfiguration(settings.Configuration.GetSection("Logging"));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        if (settings.Worker.LogFormat == "json")
        {
            logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
            return;
        }

        logging.AddSimpleConsole(text =>
        {
            text.SingleLine = true;
            text.ColorBehavior = LoggerColorBehavior.Disabled;
            text.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            text.UseUtcTimestamp = true;
        });
    }
}
