using System.Net;
using System.Net.Sockets;

namespace Keda.Inference.LocalCluster;

/// <summary>Finds everything that is wrong before anything is started.</summary>
internal static class ClusterOptionsValidator
{
    public static IReadOnlyList<string> Validate(ClusterOptions options)
    {
        var errors = new List<string>();
        if (options.Min < 0)
            errors.Add($"--min is {options.Min}; it must be 0 or more.");
        if (options.Max < Math.Max(1, options.Min))
            errors.Add($"--max is {options.Max}; it must be at least 1 and at least --min ({options.Min}).");
        if (options.ScalesOnCpu && options.Min == 0)
            errors.Add($"--min is 0; --policy {options.Policy} needs 1 or more, as KEDA requires for a ScaledObject with only a cpu trigger.");
        Positive("--sync-period", options.SyncPeriod);
        Positive("--poll", options.Poll);
        Positive("--cooldown-period", options.CooldownPeriod);
        if (options.CpuLimit is { } cores && !(cores is >= 0.05 and <= 1024))
            errors.Add($"--cpu-limit is {cores}; it must be from 0.05 to 1024 cores.");
        if (options.Worker is { } worker && !File.Exists(worker))
            errors.Add($"--worker {worker} is not there; give the path of a worker's .dll.");
        if (options.Model is { } model && !File.Exists(model))
            errors.Add($"--model {model} is not there; give the path of an ONNX file.");
        if (options.Precision is not (null or "fp32" or "int8"))
            errors.Add($"--precision is '{options.Precision}'; it must be fp32 or int8.");
        foreach (var taken in Ports(options).GroupBy(port => port.Number).Where(same => same.Count() > 1))
            errors.Add($"{string.Join(" and ", taken.Select(port => port.Option))} name the same port {taken.Key}; each needs one of its own.");
        foreach (var (option, number) in Ports(options))
        {
            if (number is < 1 or > 65535)
                errors.Add($"{option} is {number}; it must be from 1 to 65535.");
            else if (!IsFree(number))
                errors.Add($"Port {number} is taken; stop what listens there or give another with {option}.");
        }

        return errors;

        void Positive(string option, double value)
        {
            if (!(value is > 0 and <= 86_400))
                errors.Add($"{option} is {value}; it must be more than 0 and at most 86400 seconds.");
        }
    }

    private static IEnumerable<(string Option, int Number)> Ports(ClusterOptions options)
    {
        yield return ("--port", options.Port);
        yield return ("--scaler-port", options.ScalerPort);
        yield return ("--scaler-http-port", options.ScalerHttpPort);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
