using System.CommandLine;
using System.Text.Json;
using Grpc.Core;
using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Service;
using Spectre.Console;
using Contract = Keda.Inference.ExternalScaler.Protos.ExternalScaler;

namespace Keda.Inference.ExternalScaler.Inspection;

/// <summary>The subcommand <c>inspect</c>.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var address = new Option<string>("--address") { Description = "The scaler's gRPC address.", DefaultValueFactory = _ => "http://127.0.0.1:6000" };
        var @namespace = new Option<string>("--namespace") { Description = "The ScaledObject's namespace.", DefaultValueFactory = _ => "default" };
        var name = new Option<string>("--name") { Description = "The ScaledObject's name.", DefaultValueFactory = _ => "resnet18" };
        var set = new Option<string[]>("--set") { Description = "Trigger metadata KEY=VALUE, repeatable. queue is taken from --name when not given." };
        var authority = new Option<FileInfo?>("--ca") { Description = "PEM file of the authority of the scaler's certificate." };
        var certificate = new Option<FileInfo?>("--cert") { Description = "PEM file of a client certificate." };
        var key = new Option<FileInfo?>("--key") { Description = "PEM file of the client certificate's key." };
        var timeout = new Option<double>("--timeout") { Description = "Seconds to wait for each answer.", DefaultValueFactory = _ => 5 };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command(
            "inspect", "Asks a running scaler over gRPC the way KEDA does, and prints spec, metric, activity and reason. Nothing of it is kept.")
        {
            address, @namespace, name, set, authority, certificate, key, timeout, json,
        };
        Validate(address, value => Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? null : $"--address '{value}' is not an address such as http://127.0.0.1:6000.");
        Validate(set, pairs => pairs?.FirstOrDefault(pair => pair.IndexOf('=') <= 0) is { } wrong ? $"--set '{wrong}' is not KEY=VALUE." : null);
        Validate(timeout, value => value is > 0 and <= 3600 ? null : "--timeout must be above 0 and at most 3600 s.");
        foreach (var file in new[] { authority, certificate, key })
            Validate(file, value => value is { Exists: false } ? $"There is no file '{value}'." : null);
        command.Validators.Add(result =>
        {
            if (result.GetResult(certificate) is null != result.GetResult(key) is null)
                result.AddError("--cert and --key go together.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            new InspectClientOptions(
                parsed.GetValue(address)!, parsed.GetValue(authority)?.FullName, parsed.GetValue(certificate)?.FullName,
                parsed.GetValue(key)?.FullName, TimeSpan.FromSeconds(parsed.GetValue(timeout))),
            Reference(parsed.GetValue(@namespace)!, parsed.GetValue(name)!, parsed.GetValue(set) ?? []), parsed.GetValue(json), cancellation));
        return command;
    }

    private static void Validate<T>(Option<T> option, Func<T?, string?> check) => option.Validators.Add(result =>
    {
        if (check(result.GetValueOrDefault<T>()) is { } error)
            result.AddError(error);
    });

    private static ScaledObjectRef Reference(string @namespace, string name, string[] set)
    {
        var reference = new ScaledObjectRef { Namespace = @namespace, Name = name };
        reference.ScalerMetadata["queue"] = name;
        foreach (var pair in set)
        {
            var at = pair.IndexOf('=');
            reference.ScalerMetadata[pair[..at]] = pair[(at + 1)..];
        }
        return reference;
    }

    private static async Task<int> RunAsync(
        InspectClientOptions options, ScaledObjectRef reference, bool json, CancellationToken cancellation)
    {
        try
        {
            using var channel = InspectChannel.Open(options);
            var report = await AskAsync(new Contract.ExternalScalerClient(channel), options, reference, cancellation);
            if (json)
                Console.Out.WriteLine(JsonSerializer.Serialize(report, InspectionJson.Readable.InspectReport));
            else
                Print(report);
            return 0;
        }
        catch (RpcException error)
        {
            Console.Error.WriteLine($"{options.Address} answered {error.StatusCode}: {error.Status.Detail}");
            return error.StatusCode == StatusCode.InvalidArgument ? 2 : 1;
        }
        catch (System.Security.Cryptography.CryptographicException error)
        {
            Console.Error.WriteLine($"A certificate cannot be used: {error.Message}");
            return 2;
        }
    }

    /// <summary>The three unary calls in KEDA's order.</summary>
    internal static async Task<InspectReport> AskAsync(
        Contract.ExternalScalerClient client, InspectClientOptions options, ScaledObjectRef reference, CancellationToken cancellation)
    {
        DateTime Deadline() => DateTime.UtcNow + options.Timeout;
        var specs = (await client.GetMetricSpecAsync(reference, deadline: Deadline(), cancellationToken: cancellation)).MetricSpecs;
        if (specs.Count != 1)
            throw new RpcException(new Grpc.Core.Status(StatusCode.FailedPrecondition, $"{specs.Count} metrics; one is expected."));
        var request = new GetMetricsRequest { ScaledObjectRef = reference, MetricName = specs[0].MetricName };
        var headers = new Metadata { { MetricContract.InspectHeader, "1" } };
        using var call = client.GetMetricsAsync(request, headers, Deadline(), cancellation);
        var values = (await call).MetricValues;
        if (values.Count != 1)
            throw new RpcException(new Grpc.Core.Status(StatusCode.FailedPrecondition, $"{values.Count} values; one is expected."));
        var active = await client.IsActiveAsync(reference, deadline: Deadline(), cancellationToken: cancellation);
        return new InspectReport
        {
            Address = options.Address,
            Namespace = reference.Namespace,
            Name = reference.Name,
            MetricName = specs[0].MetricName,
            // As KEDA reads them: the float when it is above 0, else the integer.
            Target = specs[0].TargetSizeFloat > 0 ? specs[0].TargetSizeFloat : specs[0].TargetSize,
            Value = values[0].MetricValueFloat > 0 ? values[0].MetricValueFloat : values[0].MetricValue_,
            Active = active.Result,
            Reason = call.GetTrailers().GetValue(MetricContract.ReasonTrailer),
        };
    }

    private static void Print(InspectReport report)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("", "");
        Row("scaledobject", $"{report.Namespace}/{report.Name}");
        Row("metric", report.MetricName);
        Row("target", $"{report.Target}");
        Row("value", $"{report.Value} (replicas wanted: {Math.Ceiling(report.Value / report.Target)})");
        Row("active", report.Active ? "true" : "false");
        Row("reason", report.Reason ?? "(not given)");
        AnsiConsole.Write(table);

        void Row(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
    }
}
