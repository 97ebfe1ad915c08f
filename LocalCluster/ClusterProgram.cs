using System.Runtime.InteropServices;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Configuration;

namespace Keda.Inference.LocalCluster;

/// <summary>Runs the cluster from start to end and turns what happened into an exit code.</summary>
internal static class ClusterProgram
{
    /// <summary>Exit code for a wrong command line or configuration.</summary>
    public const int Usage = 2;

    public static async Task<int> RunAsync(ClusterOptions options, bool demo, CancellationToken cancellation)
    {
        var errors = ClusterOptionsValidator.Validate(options);
        if (errors.Count > 0)
        {
            foreach (var error in errors)
                await Console.Error.WriteLineAsync(error.AsMemory(), cancellation);
            return Usage;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled);
        ParentLink.Watch(new ConfigurationBuilder().AddEnvironmentVariables().Build(), Stop);
        var console = new ClusterConsole(Console.Out, TimeProvider.System);
        try
        {
            await using var cluster = new Cluster(options, console, TimeProvider.System);
            try
            {
                await cluster.StartAsync(stop.Token);
                if (demo)
                    await new DemoRun(cluster, options, console, TimeProvider.System).RunAsync(stop.Token);
                else
                    await cluster.RunAsync(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                console.Line("stopping");
            }

            return 0;
        }
        catch (ClusterException failed)
        {
            await Console.Error.WriteLineAsync(failed.Message.AsMemory(), CancellationToken.None);
            return failed.ExitCode;
        }

        void Signalled(PosixSignalContext context)
        {
            context.Cancel = true;
            Stop();
        }

        void Stop()
        {
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // a second signal at the very end
            }
        }
    }
}
