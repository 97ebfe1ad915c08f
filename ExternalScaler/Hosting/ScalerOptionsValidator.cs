using System.Net;
using Microsoft.Extensions.Options;

namespace Keda.Inference.ExternalScaler.Hosting;

/// <summary>Checks the whole section and names everything that is wrong.</summary>
internal sealed class ScalerOptionsValidator : IValidateOptions<ScalerOptions>
{
    public ValidateOptionsResult Validate(string? name, ScalerOptions options)
    {
        var errors = new List<string>();
        Port(options.GrpcPort, nameof(options.GrpcPort));
        Port(options.HttpPort, nameof(options.HttpPort));
        if (options.GrpcPort != 0 && options.GrpcPort == options.HttpPort)
            errors.Add($"Scaler:HttpPort is {options.HttpPort}, the same as Scaler:GrpcPort; cleartext HTTP/2 needs a port of its own.");
        if (!IPAddress.TryParse(options.BindAddress, out _))
            errors.Add($"Scaler:BindAddress is '{options.BindAddress}'; an IP address such as 0.0.0.0 or 127.0.0.1 is needed.");
        if (!Enum.IsDefined(options.ClusterView))
            errors.Add($"Scaler:ClusterView is '{options.ClusterView}'; valid are auto, kubernetes and local.");
        Between(options.HeartbeatSeconds, 0.1, 3600, nameof(options.HeartbeatSeconds));
        Between(options.DependencyTimeoutMs, 10, 60_000, nameof(options.DependencyTimeoutMs));
        Between(options.Kubernetes.ResyncSeconds, 1, 86_400, "Kubernetes:ResyncSeconds");
        File(options.Kubernetes.KubeConfigPath, "Kubernetes:KubeConfigPath");
        Tls(options.Tls);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Port(int port, string key)
        {
            if (port is < 0 or > 65535)
                errors.Add($"Scaler:{key} is {port}; a port from 0 (any free one) to 65535 is needed.");
        }

        void Between(double value, double low, double high, string key)
        {
            if (!(value >= low && value <= high))
                errors.Add($"Scaler:{key} is {value}; it must be from {low} to {high}.");
        }

        void File(string? path, string key)
        {
            if (path is { Length: > 0 } && !System.IO.File.Exists(path))
                errors.Add($"Scaler:{key} is '{path}', and there is no such file.");
        }

        void Tls(ScalerTlsOptions tls)
        {
            File(tls.CertificatePath, "Tls:CertificatePath");
            File(tls.KeyPath, "Tls:KeyPath");
            File(tls.ClientCaPath, "Tls:ClientCaPath");
            if (string.IsNullOrEmpty(tls.CertificatePath) != string.IsNullOrEmpty(tls.KeyPath))
                errors.Add("Scaler:Tls:CertificatePath and Scaler:Tls:KeyPath go together; only one of them is set.");
            if (tls.ClientCaPath is { Length: > 0 } && string.IsNullOrEmpty(tls.CertificatePath))
                errors.Add("Scaler:Tls:ClientCaPath needs Scaler:Tls:CertificatePath and Scaler:Tls:KeyPath.");
        }
    }
}
